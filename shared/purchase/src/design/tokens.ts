/**
 * Colours, sizes and type of all three devices; each platform makes its own file or variables of these.
 * Contrast beside each pair was measured (WCAG 2.2 relative luminance).
 */
export const LIGHT = {
  ground: '#FBFAF6',
  panel: '#FFFFFF',
  line: '#D9DDD6',
  text: '#1C2321', // 15.3 on ground
  muted: '#4A5551', // 7.4
  primary: '#0A5C49', // 7.9 with white on it
  onPrimary: '#FFFFFF',
  primarySoft: '#E3EFEA',
  danger: '#9C1C13', // 7.8
  information: '#0B4F8A', // 8.0
  warning: '#7A4100', // 7.3 on warningGround
  warningGround: '#FFF1D6',
  focus: '#B45309', // 4.8
} as const;

export const NIGHT = {
  ground: '#0F1B18',
  panel: '#182723',
  line: '#33433E',
  text: '#F4F1E8', // 15.6
  muted: '#C3CEC9', // 10.9
  primary: '#FFC247', // 11.0 with ground on it
  onPrimary: '#0F1B18',
  primarySoft: '#2A3A35',
  danger: '#FFB4A8', // 10.4
  information: '#9CCBFF', // 10.4
  warning: '#7A4100', // 7.3 on warningGround
  warningGround: '#FFF1D6',
  focus: '#FFC247', // 11.0
} as const satisfies Record<keyof typeof LIGHT, string>;

/** Kiosk type and targets in px on a 1920×1080 (or 1080×1920) screen. */
export const KIOSK = {
  answer: 104,
  question: 56,
  text: 36,
  small: 26,
  largeText: 60,
  target: 120,
  corner: 16,
  gap: 8,
} as const;

/** A phone's type and targets in px at its usual size. */
export const PHONE = { answer: 40, question: 24, text: 18, target: 48 } as const;

type Theme = Readonly<Record<keyof typeof LIGHT, string>>;

/** `[['--ground', '#FBFAF6'], …]`: CSS custom properties of a theme. */
export function themeVariables(theme: Theme): [string, string][] {
  // Not `Object.entries`: the phone's pages run in browsers older than it.
  return (Object.keys(theme) as (keyof Theme)[]).map((name) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    theme[name],
  ]);
}
