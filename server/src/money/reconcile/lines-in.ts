/** Lines are some hundred characters; longer than this is none. */
const MAX_LINE = 4096;

/**
 * The lines of a text that comes in pieces, those that a piece ends together; without their line feeds. What stands after
 * the last one is a line as well. One that is longer than any is comes in parts, which the caller takes for no line.
 */
export async function* linesIn(pieces: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) {
      lines.push(rest);
      rest = '';
    }
    yield lines;
  }
  if (rest !== '') yield [rest];
}
