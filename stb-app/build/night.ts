import type { Plugin } from 'vite';
import { NIGHT, themeVariables } from '../../shared/purchase/src/design/tokens.ts';

/** Puts the night's colours where a style sheet names them: the floor has no custom properties. */
export function nightColours(): Plugin {
  const colours = new Map(themeVariables(NIGHT));
  return {
    name: 'night-colours',
    enforce: 'pre',
    transform(code, id) {
      if (!/\.css$|[?&]type=style/.test(id)) return null;
      return code.replace(/var\((--[\w-]+)\)/g, (_, name: string) => {
        const colour = colours.get(name);
        if (colour === undefined) throw new Error(`${id} names the colour ${name}, which is none.`);
        return colour;
      });
    },
  };
}
