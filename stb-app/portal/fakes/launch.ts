/** What a box's middleware did of what a page asked. */
export interface Launch {
  readonly package: string;
  /** In full; null: the app's own entrance. */
  readonly className: string | null;
  readonly extras: Readonly<Record<string, string>>;
}

/** The box behind a fake. A fake is one function that needs nothing beside it, so that it also runs in a browser. */
export interface FakeBox {
  /** Packages that are on it. */
  readonly installed: string[];
  /** Packages that were on it once. */
  readonly removed?: string[];
  started(launch: Launch): void;
}

/** What a page asks by, in JSON; any of it may be missing. */
export interface Intent {
  readonly intentType?: number;
  readonly appName?: string;
  readonly className?: string;
  readonly extra?: readonly { readonly name?: string; readonly key?: string; readonly value?: string }[];
}
