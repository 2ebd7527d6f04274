import { ringsIn, type Imports } from '../../kit/import-graph.ts';
import { SERVER_ROOMS } from './server-rooms.mjs';

/** The packages whose rooms form no ring, each by its folder. */
export const PACKAGES = [
  'server/src',
  'shared/card/src',
  'shared/purchase/src',
  'terminal-app/src',
  'stb-app/src',
  'build',
] as const;

/** What the rooms of one package know of each other. */
export interface Rooms {
  /** Each room, and the rooms that its files name. */
  readonly arrows: ReadonlyMap<string, ReadonlySet<string>>;
  /** Rooms that know each other by way of others. */
  readonly rings: readonly (readonly string[])[];
}

/** The rooms of a package by what its files import, tests and what stands in for the world left out. */
export function roomsOf(folder: string, files: readonly string[], imports: Imports): Rooms {
  const own = new Set(files.filter((path) => path.startsWith(`${folder}/`) && isProduct(path)));
  const arrows = new Map<string, Set<string>>();
  for (const path of own) {
    const from = roomOf(folder, path);
    const known = arrows.get(from) ?? new Set();
    arrows.set(from, known);
    for (const to of imports(path).filter((each) => own.has(each))) {
      const room = roomOf(folder, to);
      if (room !== from) known.add(room);
    }
  }
  const rings = ringsIn([...arrows.keys()], (room) => [...(arrows.get(room) ?? [])]);
  return { arrows, rings: rings.filter(({ length }) => length > 1) };
}

/** Each floor's rooms, the lowest first: a room stands one above the highest that it knows. */
export function floorsOf({ arrows }: Rooms): readonly (readonly string[])[] {
  const heights = new Map<string, number>();
  const heightOf = (room: string): number => {
    const known = heights.get(room);
    if (known !== undefined) return known;
    // Whatever is in a ring stands on the ground.
    heights.set(room, 0);
    const below = [...(arrows.get(room) ?? [])].map((each) => heightOf(each) + 1);
    const height = Math.max(0, ...below);
    heights.set(room, height);
    return height;
  };
  const floors: string[][] = [];
  for (const room of [...arrows.keys()].sort()) (floors[heightOf(room)] ??= []).push(room);
  return floors;
}

const isProduct = (path: string): boolean => !/\.(?:test|e2e)\.ts$|^server\/src\/testing\//.test(path);

const SERVER = Object.keys(SERVER_ROOMS).sort((a, b) => b.length - a.length);
/** Folders of `build/` that are groups of rooms. */
const GROUPS: ReadonlySet<string> = new Set(['kit', 'run', 'test', 'judge', 'ship']);

/** Files that lie beside the rooms are the package's outermost edge. */
function roomOf(folder: string, path: string): string {
  const [first = '', second = '', ...rest] = path.slice(folder.length + 1).split('/');
  if (second === '') return 'entry';
  if (folder === 'server/src') {
    return SERVER.find((room) => path.startsWith(`${folder}/${room}/`)) ?? first;
  }
  return folder === 'build' && GROUPS.has(first) && rest.length > 0 ? `${first}/${second}` : first;
}
