/** What `doctor` asks of the machine. Nothing here throws: what cannot be seen is undefined or empty. */
export interface System {
  readonly platform: 'linux' | 'win32' | 'darwin' | 'other';
  /** `20.19.0`. */
  readonly node: string;
  /** Names in a folder. */
  list(path: string): readonly string[];
  /** A small file's text. */
  text(path: string): string | undefined;
  /** Where a link points, as written. */
  link(path: string): string | undefined;
  stat(path: string): Stat | undefined;
  /** Whether this process may read and write. */
  writable(path: string): boolean;
  /** Standard output of a program that ended within two seconds, whatever its exit code; undefined without it. */
  run(program: string, args: readonly string[]): Promise<string | undefined>;
  /** Whether a package of Node's loads, and why not. */
  loads(name: string): Promise<true | string>;
  user(): { readonly name: string; readonly uid: number; readonly groups: readonly string[] };
  /** The name of a user or group by number. */
  nameOf(kind: 'user' | 'group', id: number): string | undefined;
}

export interface Stat {
  /** Permission bits, 0o660. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}
