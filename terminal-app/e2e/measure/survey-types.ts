/** A place on the screen, in px of the design (1920×1080 or 1080×1920). */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What can be pressed. */
export interface Target {
  readonly name: string;
  readonly box: Box;
  readonly disabled: boolean;
  /** Its border's or its ground's contrast to what it stands on, whichever is better; null where it cannot be told. */
  readonly contrast: number | null;
}

/** Words in one element, as they are drawn. */
export interface Words {
  readonly name: string;
  readonly text: string;
  /** px of the design. */
  readonly size: number;
  readonly weight: number;
  /** One of each line. */
  readonly lines: readonly Box[];
  /** Line height in parts of the size. */
  readonly leading: number;
  /** To what is really behind it; null where that cannot be told. */
  readonly contrast: number | null;
  /** Of a control that cannot be used now. */
  readonly disabled: boolean;
  readonly title: boolean;
  /** In a picture, which stands beside the same in words. */
  readonly drawing: boolean;
  /** Whether it is said small on purpose: labels, numbers for helpers, the frame's own tools. */
  readonly secondary: boolean;
  /** Index of the target that it is in; null outside all. */
  readonly target: number | null;
  /** Parts whose digits do not run from left to right. */
  readonly mirrored: readonly string[];
}

/** All that a screen's measures are judged by; JSON. */
export interface Survey {
  readonly language: string;
  readonly direction: string;
  readonly stage: Box;
  /** Where a screen's own content may be; null while a panel lies over it. */
  readonly main: Box | null;
  readonly back: Box | null;
  readonly help: Box | null;
  readonly targets: readonly Target[];
  readonly words: readonly Words[];
  /** Elements whose content is larger than they are, or that end sentences in dots. */
  readonly cut: readonly string[];
  /** Elements of the screen that leave `main`. */
  readonly outside: readonly string[];
}
