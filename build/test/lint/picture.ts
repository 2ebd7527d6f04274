import { floorsOf, type Rooms } from './rooms.ts';

const BEGIN = '<!-- the floors, drawn by npm run lint:floors -->';
const END = '<!-- end of the floors -->';
const WIDTH = 120;

/** The page with the floors of the server as they are, the highest first; throws where the page has no place for them. */
export function withPicture(page: string, rooms: Rooms): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`The page has no place for the floors: ${BEGIN}`);
  const lines = floorsOf(rooms).flatMap((floor, height) => linesOf(floor, height).reverse());
  const picture = ['```text', ...lines.reverse(), '```'].join('\n');
  return `${before}${BEGIN}\n\n${picture}\n\n${END}${after}`;
}

function linesOf(floor: readonly string[], height: number): string[] {
  const lines: string[] = [];
  let line = String(height).padStart(2);
  for (const room of floor) {
    if (line.length + 2 + room.length > WIDTH) {
      lines.push(line);
      line = '  ';
    }
    line += `  ${room}`;
  }
  return [...lines, line];
}
