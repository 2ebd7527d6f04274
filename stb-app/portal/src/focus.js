/**
 * The nearest of `places` in a direction, as an index; the place itself where nothing is there. By where things are
 * on the screen, so that it is right in both directions of writing.
 *
 * @param {{ left: number, top: number, right: number, bottom: number }[]} places
 * @param {number} from
 * @param {string} direction
 */
function nearest(places, from, direction) {
  var here = places[from];
  var best = from;
  var least = Infinity;
  for (var i = 0; i < places.length; i++) {
    if (i === from) continue;
    var there = places[i];
    var dx = (there.left + there.right - here.left - here.right) / 2;
    var dy = (there.top + there.bottom - here.top - here.bottom) / 2;
    var level = direction === 'left' || direction === 'right';
    var ahead = level ? dx : dy;
    if (direction === 'left' || direction === 'up') ahead = -ahead;
    var aside = Math.abs(level ? dy : dx);
    // Something of another row is not beside.
    if (ahead < 2 || (level && aside > (here.bottom - here.top) / 2)) continue;
    var far = ahead + 2 * aside;
    if (far < least) {
      least = far;
      best = i;
    }
  }
  return best;
}
