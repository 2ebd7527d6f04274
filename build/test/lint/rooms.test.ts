import { describe, expect, it } from 'vitest';
import { withPicture } from './picture.ts';
import { floorsOf, roomsOf } from './rooms.ts';

const graph = (imports: Readonly<Record<string, readonly string[]>>) => (path: string) => imports[path] ?? [];
const roomsIn = (folder: string, imports: Readonly<Record<string, readonly string[]>>) =>
  roomsOf(folder, Object.keys(imports), graph(imports));

describe('the rooms of a package', () => {
  it('know what their files name, within the package, tests and entries apart', () => {
    const { arrows, rings } = roomsIn('shared/card/src', {
      'shared/card/src/chip/a.ts': ['shared/card/src/bytes/hex.ts', 'shared/card/src/chip/b.ts', 'zod'],
      'shared/card/src/chip/b.ts': ['shared/card/src/errors.ts', 'server/src/kernel/a.ts'],
      'shared/card/src/chip/b.test.ts': ['shared/card/src/meter-card/plan.ts'],
      'shared/card/src/bytes/hex.ts': [],
      'shared/card/src/errors.ts': [],
      'shared/card/src/meter-card/plan.ts': [],
      'server/src/kernel/a.ts': [],
    });
    expect(Object.fromEntries([...arrows].map(([room, known]) => [room, [...known]]))).toEqual({
      chip: ['bytes', 'entry'],
      bytes: [],
      entry: [],
      'meter-card': [],
    });
    expect(rings).toEqual([]);
  });

  it('are those of the table in the server, and groups of folders in build/', () => {
    const server = roomsIn('server/src', {
      'server/src/access/store/users.ts': [],
      'server/src/access/users.ts': ['server/src/access/store/users.ts'],
      'server/src/web.ts': ['server/src/access/users.ts'],
    });
    expect([...server.arrows.keys()]).toEqual(['access/store', 'access', 'entry']);
    const build = roomsIn('build', {
      'build/kit/tally.ts': [],
      'build/test/lint/rooms.ts': ['build/kit/tally.ts'],
      'build/bootstrap/run.mjs': [],
    });
    expect([...build.arrows.keys()]).toEqual(['kit', 'test/lint', 'bootstrap']);
  });

  it('are a ring where they know each other by way of others', () => {
    const { rings, arrows } = roomsIn('stb-app/src', {
      'stb-app/src/a/1.ts': ['stb-app/src/b/1.ts'],
      'stb-app/src/b/1.ts': ['stb-app/src/c/1.ts'],
      'stb-app/src/c/1.ts': ['stb-app/src/a/2.ts'],
      'stb-app/src/a/2.ts': [],
    });
    expect(rings.map((ring) => [...ring].sort())).toEqual([['a', 'b', 'c']]);
    expect(arrows.size).toBe(3);
  });
});

it('floors: a room stands one above the highest that it knows', () => {
  const arrows = new Map([
    ['web', new Set(['desk', 'kernel'])],
    ['desk', new Set(['model', 'kernel'])],
    ['model', new Set(['kernel'])],
    ['money', new Set(['kernel'])],
    ['kernel', new Set<string>()],
  ]);
  expect(floorsOf({ arrows, rings: [] })).toEqual([['kernel'], ['model', 'money'], ['desk'], ['web']]);
});

describe('the picture of the floors', () => {
  const rooms = {
    arrows: new Map([
      ['web', new Set(['kernel'])],
      ['kernel', new Set<string>()],
    ]),
    rings: [],
  };
  const BEGIN = '<!-- the floors, drawn by npm run lint:floors -->';
  const END = '<!-- end of the floors -->';

  it('takes the place of the former one, the highest floor first', () => {
    const page = `Before\n\n${BEGIN}\nformer\n${END}\n\nAfter\n`;
    const drawn = withPicture(page, rooms);
    expect(drawn).toBe(`Before\n\n${BEGIN}\n\n\`\`\`text\n 1  web\n 0  kernel\n\`\`\`\n\n${END}\n\nAfter\n`);
    expect(withPicture(drawn, rooms)).toBe(drawn);
  });

  it('needs a place', () => {
    expect(() => withPicture('A page.', rooms)).toThrow(/no place/);
  });
});
