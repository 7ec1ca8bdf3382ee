// Follows the live stream, reconnects with back-off, and resumes where it was.
//   node stream.mjs [ws://127.0.0.1:8080/stream] [opportunities,executions] [messages]
// Node 22 and browsers have WebSocket; Node 20 has it behind a flag: node --experimental-websocket stream.mjs
// The key, where one is needed, is taken from QUADTURBO_API__KEY. Ends after that many messages; without a number it goes on.
const [url = "ws://127.0.0.1:8080/stream", channels = "opportunities,executions", most = "Infinity"] = process.argv.slice(2);
const key = process.env.QUADTURBO_API__KEY;
if (typeof WebSocket === "undefined") {
  console.error("this Node has no WebSocket: use Node 22, or node --experimental-websocket");
  process.exit(2);
}

let since; // seq of the last message that we have
let session; // the run that it is of
let wait = 500; // ms
let left = Number(most);

function connect() {
  const socket = new WebSocket(url);
  let silence = 45_000;
  let watch = setTimeout(() => socket.close(), silence);
  const send = (command) => socket.send(JSON.stringify(command));
  const subscribe = () => send({ command: "subscribe", channels: channels.split(","), ...(since === undefined ? {} : { since, session }) });

  socket.onmessage = ({ data: text }) => {
    clearTimeout(watch);
    watch = setTimeout(() => socket.close(), silence); // heartbeats come while nothing else does
    const { type, data, seq } = JSON.parse(text);
    if (type === "connection" && data.event === "hello") {
      wait = 500;
      silence = 3000 * data.heartbeat_s;
      if (data.authorised) subscribe();
      else send({ command: "auth", key });
      if (session === undefined) session = data.session;
      return;
    }
    if (type === "connection" && data.ok === false) console.error(`refused: ${data.error}`);
    if (type === "connection" && data.command === "auth" && data.ok) subscribe();
    if (type === "connection" && data.command === "subscribe" && data.ok) {
      if (data.resumed === false) console.error(data.gap ? `missed seq ${data.gap.from} to ${data.gap.to}` : "another run: what lies between is missed");
      session = data.session;
      since = seq;
    }
    if (type === "connection" && data.event === "dropped") console.error(`too slow: missed ${JSON.stringify(data.messages)}, seq ${data.from} to ${data.to}`);
    if (since !== undefined) since = seq; // every message says: up to here you have everything of your channels
    if (type === "connection" || type === "heartbeat") return;
    console.log(text);
    if (--left <= 0) {
      clearTimeout(watch);
      socket.onclose = null;
      socket.close();
    }
  };
  socket.onclose = ({ code, reason }) => {
    clearTimeout(watch);
    const pause = wait * (0.5 + Math.random() / 2);
    console.error(`closed (${code} ${reason}); again in ${Math.round(pause)} ms`);
    setTimeout(connect, pause);
    wait = Math.min(2 * wait, 30_000);
  };
  socket.onerror = () => {}; // a close follows
}
connect();
