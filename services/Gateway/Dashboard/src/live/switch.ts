// What a refused kill or resume means: whether trading has stopped, in plain words, and what to do.
import { Refused } from './api.ts';

/** `stopped` is undefined where nobody can tell. */
export interface SwitchState { stopped: boolean | undefined; title: string; text: string; confirm: string }

const NotKnown = 'Look whether the banner at the top says that trading is stopped, and try again. In doubt end the process: a process that does not run sends no orders. ';

/** After a kill that was not answered with 200. `overview` is what the server said of the switch afterwards; undefined where it did not. */
export function afterKill(error: unknown, overview: boolean | undefined): SwitchState {
  const why = said(error), body = error instanceof Refused ? error.body : {};
  // The kill itself tells of it, also where it is not on disk.
  if (body['event'] === 'killed') return {
    stopped: true, title: 'Trading is stopped, but that is not on disk.', confirm: 'Stop again, to keep it',
    text: `Production sends no orders. A crash or a restart would forget that it was stopped, and trade again: do not restart it. ${remedy(body)}Then press Stop again, until it is kept. The server says: ${why}`,
  };
  if (overview === true) return {
    stopped: true, title: 'Trading is stopped.', confirm: 'Stop again, to be sure',
    text: `The server says that the switch is thrown, but it did not take this request: ${why} The reason that you gave may not be in the ledger. ${remedy(body)}`,
  };
  if (overview === false) return { stopped: false, title: 'Trading goes on: it is not stopped.', confirm: 'Stop trading', text: `The request was not taken. The server says: ${why} ${remedy(body)}Try again; if that does not help, end the process: one that does not run sends no orders.` };
  return { stopped: undefined, title: 'Nobody can tell whether trading is stopped.', confirm: 'Try again', text: `${NotKnown}${remedy(body)}The server says: ${why}` };
}

/** After a resume that was not answered with 200. */
export function afterResume(error: unknown, overview: boolean | undefined): SwitchState {
  const why = said(error), code = error instanceof Refused ? error.code : undefined, body = error instanceof Refused ? error.body : {};
  if (code === 'not_kept' || code === 'killed_again' || overview === true) return { stopped: true, title: 'Trading stays stopped.', confirm: 'Try again', text: `It was not resumed. The server says: ${why} ${remedy(body)}` };
  if (code === 'not_killed' || overview === false) return { stopped: false, title: 'Trading is on.', confirm: 'Resume trading', text: `There is nothing to resume. The server says: ${why}` };
  return { stopped: undefined, title: 'Nobody can tell whether trading is resumed.', confirm: 'Try again', text: `${NotKnown}The server says: ${why}` };
}

function said(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What to do against a cause that names itself. */
function remedy(body: Record<string, unknown>): string {
  const code = body['code'];
  return code === 'disk_full' ? 'Free space on the disk of the data directory. '
    : code === 'tables_unreadable' || code === 'tables_damaged' ? 'Look after the disk of the data directory; /health says more. '
    : code === 'ledger_waits' || code === 'not_kept' ? 'See that the disk of the data directory has space and can be written: the alert named ledger and /health say more. '
    : code === 'too_many_commands' || code === 'too_many_wrong_keys' ? 'Wait a minute. '
    : code === 'key_needed' ? 'Give an API key with the button Key. '
    : '';
}
