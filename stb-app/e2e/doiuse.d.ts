/** The part of it that is used. */
declare module 'doiuse' {
  import type { Plugin } from 'postcss';
  export default function doiuse(options: {
    readonly browsers: readonly string[];
    readonly ignore?: readonly string[];
    readonly onFeatureUsage?: (usage: { readonly feature: string; readonly message: string }) => void;
  }): Plugin;
}
