/** What Babel's own helpers use, which no module names. The first import of the page. */
import 'core-js/modules/es.symbol.constructor';
import 'core-js/modules/es.symbol.iterator';
import 'core-js/modules/es.array.iterator';
import 'core-js/modules/es.array.from';
import 'core-js/modules/es.string.iterator';
import 'core-js/modules/es.typed-array.iterator';
import 'core-js/modules/es.map';
import 'core-js/modules/es.set';
import 'core-js/modules/es.object.assign';
