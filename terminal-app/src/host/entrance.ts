/**
 * The page that turns the one-time token of its address into a cookie. The token is in the fragment, which no
 * browser sends, logs or passes on; the script takes it out of the address before anything else.
 */
export const ENTRANCE_PAGE = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>便民</title>
<link rel="icon" href="data:,">
<p id="words"></p>
<script src="/enter.js"></script>
</html>
`;

export const ENTRANCE_SCRIPT = `'use strict';
(async () => {
  const token = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (answer.ok) {
    location.replace('/');
    return;
  }
  document.getElementById('words').textContent =
    '这个地址已经用过了，请从本机重新打开。 / This address was used already; open the screen again from this machine.';
})();
`;

/** A local file for the browser to be started with: its name may stand in an argument list, the token may not. */
export function launchPage(url: string): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${url}"><title>便民</title>`;
}
