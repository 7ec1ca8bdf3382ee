/** Runs in the page: contrast of every text (WCAG 2.2 AA), a name for every control, a focus order that follows the document, nothing wider than the page, on a phone no table, navigation or filter wider than its place. */
export function audit() {
  const problems = [];
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parse = (text) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = '#000'; canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1); const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0) layers.push(c); if (c[3] === 1) break; }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const light = (c) => { const [r, g, b] = c.map((v) => { const x = v / 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0;
  const name = (e) => `${e.tagName.toLowerCase()}${e.className && typeof e.className === 'string' ? `.${e.className.split(' ')[0]}` : ''} '${(e.textContent ?? '').trim().slice(0, 24)}'`;

  let texts = 0, least = 21;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!node.textContent.trim() || !e || !seen(e) || e.closest('.sr, noscript, script, style, option, .skip') || e.closest('[aria-disabled="true"]')) continue;
    const style = getComputedStyle(e);
    const colour = parse(e instanceof SVGElement ? style.fill : style.color);
    const under = ground(e), shown = over(colour, under);
    const [a, b] = [light(shown), light(under)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05), size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    texts++;
    least = Math.min(least, ratio);
    if (ratio < (large ? 3 : 4.5)) problems.push(`contrast ${ratio.toFixed(2)} of ${name(e)}`);
  }
  const controls = [...document.querySelectorAll('button, a[href], input, select, textarea, summary, [tabindex="0"]')].filter(seen);
  for (const e of controls) {
    const label = e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('') || [...(e.labels ?? [])].map((l) => l.textContent).join('') || (e.matches('input, select, textarea') ? '' : e.textContent) || '';
    if (!label.trim()) problems.push(`no name for ${name(e)}`);
    if (e.tabIndex > 0) problems.push(`a tab index above 0 at ${name(e)}`);
  }
  for (const e of document.querySelectorAll('img:not([alt]), svg:not([role]):not([aria-hidden])')) problems.push(`no name for ${name(e)}`);
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id), twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice) problems.push(`the id ${twice} is there twice`);
  if (document.querySelectorAll('h1').length !== 1) problems.push('there is not one h1');
  if (!document.querySelector('main') || !document.querySelector('nav[aria-label]')) problems.push('a landmark is missing');
  if (!controls[0]?.matches('.skip')) problems.push('the skip link is not the first stop');
  if (document.documentElement.scrollWidth > innerWidth) problems.push(`the page is ${document.documentElement.scrollWidth - innerWidth} px wider than the window`);
  if (innerWidth < 720) for (const e of document.querySelectorAll('.nav, .nav a, .filters')) if (seen(e) && e.scrollWidth > e.clientWidth) problems.push(`${e.scrollWidth - e.clientWidth} px to the side in ${name(e)}`);
  if (innerWidth < 720) for (const e of document.querySelectorAll('.table-box')) if (e.scrollWidth > e.clientWidth + 1) problems.push(`a table is ${e.scrollWidth - e.clientWidth} px wider than its place: ${name(e.querySelector('table') ?? e)}`);
  for (const e of document.querySelectorAll('table[role]')) if (e.querySelector('td:not([role]), th:not([role]), tr:not([role])')) problems.push(`a part without a role in ${e.getAttribute('aria-label')}`);
  return { problems, texts, least, stops: controls.length };
}
