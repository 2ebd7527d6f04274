import { builtinModules } from 'node:module';
import { Script } from 'node:vm';
import type { Check } from './check.ts';

/** Asked for by `ws` and done without where they are not there. */
const OPTIONAL = ['bufferutil', 'utf-8-validate'];

/** The packages that a bundle loads when it runs, by name. */
export function loadedBy(text: string): string[] {
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b[^'"\n]*?(?:\bfrom\s*)?["']([^"'\n]+)["'];?$/gm),
    ...text.matchAll(/\b(?:import|\w*require\w*)\(\s*["']([^"'\n]+)["']\s*\)/g),
  ].map(([, specifier]) => specifier ?? '');
  const packages = specifiers
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(packages)].filter((name) => !builtinModules.includes(name)).sort();
}

/** Whether everything that a bundle loads is in the package. */
export function loadsCheck(name: string, text: string, packed: readonly string[]): Check {
  const missing = loadedBy(text).filter(
    (found) => found !== 'electron' && !packed.includes(found) && !OPTIONAL.includes(found),
  );
  return {
    name: `${name} loads only what is packed`,
    problems: missing.map((found) => `${found} is loaded and not packed`),
  };
}

/** Native code that a device can bring down: each loads it in a process of its own (docs/decisions/0036). */
const DEVICE_LIBRARIES = ['usb', 'node-hid', '@pokusew/pcsclite'];

/** What a device's library breaks must not be the program that has the screen. */
export function screenSafeCheck(text: string): Check {
  const loaded = loadedBy(text).filter((name) => DEVICE_LIBRARIES.includes(name));
  return {
    name: 'the main process loads no library that drives devices',
    problems: loaded.map((name) => `${name} is loaded`),
  };
}

/** A sandboxed preload is one CommonJS script that may load Electron alone. */
export function preloadCheck(text: string): Check {
  const problems: string[] = [];
  try {
    new Script(text);
  } catch (error) {
    problems.push(`it is no CommonJS script: ${String(error)}`);
  }
  const others = loadedBy(text).filter((name) => name !== 'electron');
  if (others.length > 0) problems.push(`it loads ${others.join(', ')}`);
  if (/\brequire\(["']node:/.test(text)) problems.push('it loads Node’s modules');
  return { name: 'the preload is one CommonJS script', problems };
}
