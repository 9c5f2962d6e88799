// One grid at a time with a slider; without this script the page shows them all.
(function () {
  'use strict';
  var box = document.getElementById('grids');
  var figures = box ? box.querySelectorAll('figure') : [];
  if (figures.length < 2) return;

  function element(tag, text, title) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (title) made.title = title;
    return made;
  }

  var controls = element('div', '');
  controls.className = 'controls';
  var play = element('button', 'Play', 'Show the training as a film');
  var slider = element('input', '');
  var all = element('button', 'Show all');
  slider.type = 'range';
  slider.min = 0;
  slider.max = figures.length - 1;
  slider.setAttribute('aria-label', 'Point of the training');
  [play, slider, all].forEach(function (part) { controls.appendChild(part); });
  box.parentNode.insertBefore(controls, box);

  var timer = null;
  function show(index) {
    slider.value = index;
    figures.forEach(function (figure, i) { figure.classList.toggle('shown', i === Number(slider.value)); });
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = 'Play';
  }
  function one(yes) {
    box.classList.toggle('one', yes);
    all.textContent = yes ? 'Show all' : 'Show one';
  }
  slider.addEventListener('input', function () { stop(); one(true); show(slider.value); });
  all.addEventListener('click', function () { stop(); one(!box.classList.contains('one')); });
  play.addEventListener('click', function () {
    if (timer) return stop();
    one(true);
    if (Number(slider.value) === figures.length - 1) show(0);
    play.textContent = 'Pause';
    timer = setInterval(function () {
      show(Number(slider.value) + 1);
      if (Number(slider.value) === figures.length - 1) stop();
    }, 250);
  });
  one(true);
  show(figures.length - 1);
})();
