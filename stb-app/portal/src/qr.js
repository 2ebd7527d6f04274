/*
 * QR codes, model 2 (ISO/IEC 18004): bytes, error correction M, versions 1 to 15, which hold 412 bytes. By hand for
 * these pages and the television's: 1.6 KB compressed, where `uqr` has 4.0, `qr` 6.0, `qrcode-generator` 7.6 and `qrcode`,
 * which the kiosk and the console have, 9.6, nearly all of them in a later language. It reads no digits out of a text:
 * a code is at times a version larger than theirs.
 */

/** Of each version from 1: check words in a block, and blocks (table 9, level M). */
var QR_CHECK = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
var QR_BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];

/**
 * Rows of modules, true: dark; null where the text is too long.
 *
 * @param {string} text
 * @returns {boolean[][] | null}
 */
function qrOf(text) {
  var bytes = unescape(encodeURIComponent(text));
  for (var version = 1; version <= QR_CHECK.length; version++) {
    var words = qrWords(version) - QR_CHECK[version - 1] * QR_BLOCKS[version - 1];
    var lengthBits = version < 10 ? 8 : 16;
    if (4 + lengthBits + bytes.length * 8 > words * 8) continue;
    return qrBest(version, qrChecked(version, qrData(bytes, lengthBits, words)));
  }
  return null;
}

/** @param {number} version */
function qrAligns(version) {
  return version === 1 ? 0 : Math.floor(version / 7) + 2;
}

/**
 * Words of data and check together: the modules that no pattern takes, by eight.
 *
 * @param {number} version
 */
function qrWords(version) {
  var aligns = qrAligns(version);
  var modules = (16 * version + 128) * version + 64;
  if (aligns > 0) modules -= (25 * aligns - 10) * aligns - 55;
  if (version >= 7) modules -= 36;
  return Math.floor(modules / 8);
}

/**
 * @param {string} bytes
 * @param {number} lengthBits
 * @param {number} words
 */
function qrData(bytes, lengthBits, words) {
  /** @type {number[]} */
  var bits = [];
  /** @type {(value: number, count: number) => void} */
  function put(value, count) {
    while (count-- > 0) bits.push((value >>> count) & 1);
  }
  put(4, 4);
  put(bytes.length, lengthBits);
  for (var i = 0; i < bytes.length; i++) put(bytes.charCodeAt(i), 8);
  put(0, Math.min(4, words * 8 - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  /** @type {number[]} */
  var data = [];
  for (var at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8).join(''), 2));
  for (var pad = 0xec; data.length < words; pad ^= 0xec ^ 0x11) data.push(pad);
  return data;
}

/**
 * A product in the field of 256 with x^8 + x^4 + x^3 + x^2 + 1.
 *
 * @param {number} x
 * @param {number} y
 */
function qrTimes(x, y) {
  var product = 0;
  for (var i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((y >>> i) & 1) * x;
  }
  return product;
}

/**
 * The words of all blocks with their check words, interleaved.
 *
 * @param {number} version
 * @param {number[]} data
 */
function qrChecked(version, data) {
  var check = QR_CHECK[version - 1];
  var blocks = QR_BLOCKS[version - 1];
  var generator = [];
  var root = 1;
  for (var i = 0; i < check; i++) generator.push(i === check - 1 ? 1 : 0);
  for (i = 0; i < check; i++) {
    for (var j = 0; j < check; j++) {
      generator[j] = qrTimes(generator[j], root);
      if (j + 1 < check) generator[j] ^= generator[j + 1];
    }
    root = qrTimes(root, 2);
  }
  var short = Math.floor(data.length / blocks);
  var longer = blocks - (data.length % blocks);
  var datas = [];
  var checks = [];
  var from = 0;
  for (var block = 0; block < blocks; block++) {
    var part = data.slice(from, (from += short + (block < longer ? 0 : 1)));
    var rest = [];
    for (i = 0; i < check; i++) rest.push(0);
    for (i = 0; i < part.length; i++) {
      var factor = part[i] ^ /** @type {number} */ (rest.shift());
      rest.push(0);
      for (j = 0; j < check; j++) rest[j] ^= qrTimes(generator[j], factor);
    }
    datas.push(part);
    checks.push(rest);
  }
  /** @type {number[]} */
  var out = [];
  for (i = 0; i <= short; i++)
    for (block = 0; block < blocks; block++) if (i < datas[block].length) out.push(datas[block][i]);
  for (i = 0; i < check; i++) for (block = 0; block < blocks; block++) out.push(checks[block][i]);
  return out;
}

/**
 * The code under the mask that leaves the fewest runs and lumps, which readers stumble over.
 *
 * @param {number} version
 * @param {number[]} words
 */
function qrBest(version, words) {
  var best = null;
  var least = Infinity;
  for (var mask = 0; mask < 8; mask++) {
    var code = qrDrawn(version, words, mask);
    var lumps = qrLumps(code);
    if (lumps < least) {
      least = lumps;
      best = code;
    }
  }
  return best;
}

/** @param {boolean[][]} code */
function qrLumps(code) {
  var found = 0;
  for (var y = 0; y < code.length; y++) {
    var across = 0;
    var down = 0;
    for (var x = 1; x < code.length; x++) {
      across = code[y][x] === code[y][x - 1] ? across + 1 : 0;
      down = code[x][y] === code[x - 1][y] ? down + 1 : 0;
      if (across >= 4) found += across === 4 ? 3 : 1;
      if (down >= 4) found += down === 4 ? 3 : 1;
      if (y > 0 && across > 0 && code[y][x] === code[y - 1][x] && code[y][x] === code[y - 1][x - 1])
        found += 3;
    }
  }
  return found;
}

/**
 * @param {number} version
 * @param {number[]} words
 * @param {number} mask
 */
function qrDrawn(version, words, mask) {
  var size = version * 4 + 17;
  /** @type {boolean[][]} */
  var code = [];
  /** @type {boolean[][]} */
  var taken = [];
  for (var i = 0; i < size; i++) {
    code.push([]);
    taken.push([]);
    for (var j = 0; j < size; j++) {
      code[i].push(false);
      taken[i].push(false);
    }
  }
  /** @type {(x: number, y: number, dark: boolean) => void} */
  function set(x, y, dark) {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    code[y][x] = dark;
    taken[y][x] = true;
  }
  /** Squares in each other around a middle. @type {(x: number, y: number, reach: number) => void} */
  function rings(x, y, reach) {
    for (var dy = -reach; dy <= reach; dy++) {
      for (var dx = -reach; dx <= reach; dx++) {
        var ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(x + dx, y + dy, reach === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
      }
    }
  }
  for (i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  rings(3, 3, 4);
  rings(size - 4, 3, 4);
  rings(3, size - 4, 4);
  qrAlignments(version, size, rings);
  qrFormat(mask, size, set);
  qrVersion(version, size, set);
  qrFill(words, mask, code, taken);
  return code;
}

/**
 * @param {number} version
 * @param {number} size
 * @param {(x: number, y: number, reach: number) => void} rings
 */
function qrAlignments(version, size, rings) {
  var aligns = qrAligns(version);
  if (aligns === 0) return;
  var step = Math.ceil((size - 13) / (aligns * 2 - 2)) * 2;
  var at = [6];
  for (var i = aligns - 2; i >= 0; i--) at.push(size - 7 - i * step);
  for (i = 0; i < aligns; i++) {
    for (var j = 0; j < aligns; j++) {
      var corner = (i === 0 && j === 0) || (i === 0 && j === aligns - 1) || (i === aligns - 1 && j === 0);
      if (!corner) rings(at[i], at[j], 2);
    }
  }
}

/**
 * @param {number} mask
 * @param {number} size
 * @param {(x: number, y: number, dark: boolean) => void} set
 */
function qrFormat(mask, size, set) {
  var rest = mask;
  for (var i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  // Level M is 00.
  var bits = ((mask << 10) | rest) ^ 0x5412;
  for (i = 0; i < 15; i++) {
    var dark = ((bits >>> i) & 1) === 1;
    if (i < 6) set(8, i, dark);
    else if (i < 8) set(8, i + 1, dark);
    else if (i === 8) set(7, 8, dark);
    else set(14 - i, 8, dark);
    if (i < 8) set(size - 1 - i, 8, dark);
    else set(8, size - 15 + i, dark);
  }
  set(8, size - 8, true);
}

/**
 * @param {number} version
 * @param {number} size
 * @param {(x: number, y: number, dark: boolean) => void} set
 */
function qrVersion(version, size, set) {
  if (version < 7) return;
  var rest = version;
  for (var i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  var bits = (version << 12) | rest;
  for (i = 0; i < 18; i++) {
    var dark = ((bits >>> i) & 1) === 1;
    var far = size - 11 + (i % 3);
    var near = Math.floor(i / 3);
    set(far, near, dark);
    set(near, far, dark);
  }
}

/**
 * In columns of two from the right, up and down, around the line at 6.
 *
 * @param {number[]} words
 * @param {number} mask
 * @param {boolean[][]} code
 * @param {boolean[][]} taken
 */
function qrFill(words, mask, code, taken) {
  var size = code.length;
  var bit = 0;
  for (var right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (var along = 0; along < size; along++) {
      for (var side = 0; side < 2; side++) {
        var x = right - side;
        var y = ((right + 1) & 2) === 0 ? size - 1 - along : along;
        if (taken[y][x]) continue;
        var dark = bit < words.length * 8 && ((words[bit >>> 3] >>> (7 - (bit & 7))) & 1) === 1;
        bit++;
        code[y][x] = dark !== qrMasked(mask, x, y);
      }
    }
  }
}

/**
 * @param {number} mask
 * @param {number} x
 * @param {number} y
 */
function qrMasked(mask, x, y) {
  switch (mask) {
    case 0:
      return (x + y) % 2 === 0;
    case 1:
      return y % 2 === 0;
    case 2:
      return x % 3 === 0;
    case 3:
      return (x + y) % 3 === 0;
    case 4:
      return (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0;
    case 5:
      return ((x * y) % 2) + ((x * y) % 3) === 0;
    case 6:
      return (((x * y) % 2) + ((x * y) % 3)) % 2 === 0;
    default:
      return (((x + y) % 2) + ((x * y) % 3)) % 2 === 0;
  }
}
