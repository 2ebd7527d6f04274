/* Before everything else, in the oldest of syntax: where the page cannot run, a person reads why and whom to call. */
(function () {
  'use strict';
  function fits() {
    var style = document.documentElement.style;
    return (
      typeof Uint8Array === 'function' &&
      typeof Promise === 'function' &&
      typeof WeakMap === 'function' &&
      typeof performance === 'object' &&
      typeof crypto === 'object' &&
      'flex' in style &&
      'transform' in style
    );
  }
  function say() {
    document.getElementById('too-old').style.display = 'block';
  }
  if (!fits()) {
    say();
    return;
  }
  window.onerror = function () {
    if (window.bianminStarted !== true) say();
  };
})();
