/* The desk beside the TV: cards that go into the box's reader, and a phone that follows the code on the screen. */
(function () {
  'use strict';
  var tv = document.getElementById('tv');
  var facts = null;

  function ask(method, path, body, done) {
    var request = new XMLHttpRequest();
    request.open(method, path);
    request.onload = function () {
      if (request.status < 300) done(request.responseText === '' ? null : JSON.parse(request.responseText));
    };
    if (body !== null) request.setRequestHeader('content-type', 'application/json');
    request.send(body === null ? null : JSON.stringify(body));
  }
  function reader(action) {
    return '/world/readers/' + encodeURIComponent(facts.readerId) + '/' + action;
  }
  function toTv() {
    tv.contentWindow.focus();
  }
  function insert(id) {
    ask('POST', reader('eject'), {}, function () {
      ask('POST', reader('insert'), { cardId: id }, look);
    });
    toTv();
  }
  function draw(cards) {
    var list = document.getElementById('cards');
    list.textContent = '';
    cards.forEach(function (card) {
      var here = card.place.in === 'reader' && card.place.readerId === facts.readerId;
      var button = document.createElement('button');
      button.type = 'button';
      button.disabled = card.place.in !== 'drawer';
      button.textContent =
        card.label +
        ' (' +
        card.chip +
        ') ' +
        (here ? '在读卡器里' : card.place.in === 'drawer' ? card.note : '在别处');
      button.onclick = insert.bind(null, card.id);
      list.appendChild(document.createElement('li')).appendChild(button);
    });
  }
  function phone() {
    var code = tv.contentDocument === null ? null : tv.contentDocument.querySelector('.qr');
    var link = document.getElementById('phone');
    var url = code === null ? null : code.getAttribute('data-code');
    link.hidden = url === null || facts.walletUrl === null;
    if (url === null) return;
    link.href = /^https?:/.test(url) ? url : facts.walletUrl + '/phone?code_url=' + encodeURIComponent(url);
  }
  function look() {
    ask('GET', '/world/cards', null, draw);
    phone();
  }

  document.getElementById('eject').onclick = function () {
    ask('POST', reader('eject'), {}, look);
    toTv();
  };
  ask('GET', '/desk.json', null, function (told) {
    facts = told;
    document.getElementById('meters').href = told.metersUrl;
    look();
    setInterval(look, 1000);
    toTv();
  });
})();
