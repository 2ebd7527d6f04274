/* The wire between the page and the model of its shell, in a process of its own. Only for this machine's browser. */
(function () {
  'use strict';
  var waiting = [];
  var open = false;
  var socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/shell');
  function send(to, id, request) {
    var text = JSON.stringify({ to: to, id: id, request: request });
    if (open) socket.send(text);
    else waiting.push(text);
  }
  socket.onopen = function () {
    open = true;
    for (var i = 0; i < waiting.length; i++) socket.send(waiting[i]);
    waiting = [];
  };
  socket.onmessage = function (message) {
    var told = JSON.parse(message.data);
    var page = told.to === 'usb' ? window.BianminUsbPage : window.BianminShellPage;
    if (page !== undefined) page[told.call].apply(page, told.args);
  };
  window.BianminShell = {
    call: function (id, request) {
      send('shell', id, request);
    },
  };
  window.BianminUsb = {
    call: function (id, request) {
      send('usb', id, request);
    },
  };
})();
