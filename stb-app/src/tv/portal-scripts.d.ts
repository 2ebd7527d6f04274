/** The portal's encoder, which the build makes a module of (build/smaller.ts). */
declare module 'portal:qr' {
  /** Rows of modules, true: dark; null where `text` has more than 412 bytes. */
  export function qrOf(text: string): boolean[][] | null;
}
