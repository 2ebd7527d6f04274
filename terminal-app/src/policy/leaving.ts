/** The exit code that asks a supervisor for another start. */
export const EXIT_AGAIN = 75;
/** A host that does not close in this time is left behind; its journal holds what counts, ms. */
export const CLOSE_WITHIN_MS = 30_000;

export type Leaving =
  /** A supervisor starts the program anew. A child of ours would be ended with our control group. */
  | { readonly by: 'supervisor' }
  /** Without a supervisor the program starts its own successor; an AppImage is started by its own file. */
  | { readonly by: 'itself'; readonly execPath?: string };

/** How the program starts again. systemd sets NOTIFY_SOCKET, others BIANMIN_SUPERVISED. */
export function howToRestart(env: Readonly<Record<string, string | undefined>>): Leaving {
  if (env['NOTIFY_SOCKET'] || env['BIANMIN_SUPERVISED'] === '1') return { by: 'supervisor' };
  const image = env['APPIMAGE'];
  return image ? { by: 'itself', execPath: image } : { by: 'itself' };
}
