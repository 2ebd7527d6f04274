import type { EcPublicJwk, SigningJwk } from '../api/terminal.ts';

/** The one version of the contract, docs/protocol/box-shell.md. */
export const SHELL_VERSION = 1;

/** What the box's shell gives its page beside readers, as `window.BianminShell`. */
export interface AndroidShell {
  /** Takes a request, JSON of `ShellRequest`, and returns at once; the answer comes by `AndroidShellPage.answer`. */
  call(id: string, request: string): void;
}

/** What the page offers the shell, as `window.BianminShellPage`. */
export interface AndroidShellPage {
  /** JSON of `ShellAnswer`. */
  answer(id: string, answer: string): void;
  /** JSON of `ShellEvent`. */
  event(event: string): void;
}

/** What is kept through a power cut. */
export type Shelf = 'journal' | 'settings';

export type ShellRequest =
  | { readonly op: 'hello'; readonly version: number }
  /** `renew`: in place of keys that are lost, new ones; whole ones stay. */
  | { readonly op: 'keys'; readonly renew?: boolean }
  | { readonly op: 'time' | 'launch' | 'update' }
  /** Base64 of what is to be signed. */
  | { readonly op: 'sign'; readonly data: string }
  | { readonly op: 'unseal'; readonly jwe: string }
  | {
      readonly op: 'http';
      readonly method: string;
      /** With query; begins with `/v1/`. */
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly timeoutMs: number;
    }
  | { readonly op: 'storeList'; readonly shelf: Shelf }
  | { readonly op: 'storeGet' | 'storeRemove'; readonly shelf: Shelf; readonly name: string }
  | { readonly op: 'storePut'; readonly shelf: Shelf; readonly name: string; readonly value: string }
  | { readonly op: 'leave'; readonly backUrl?: string }
  | { readonly op: 'speak'; readonly text: string; readonly language: string };

export interface ShellFacts {
  readonly appVersion: string;
  readonly androidApi: number;
  readonly model: string;
  /** The WebView's user agent. */
  readonly engine: string;
  /** Origin and, if there is one, the path before `/v1`; no trailing slash. */
  readonly serverUrl: string;
  readonly helpPhone: string;
  /** A debug build, whose server is a sandbox. */
  readonly sandbox: boolean;
  /** Where the shell itself broke last, without any message; told once. */
  readonly lastCrash?: string;
}

/** What an answer may carry; which of it, by the request. */
export interface ShellSuccess {
  readonly ok: true;
  readonly facts?: ShellFacts;
  readonly alg?: 'ES256' | 'RS256';
  readonly signKey?: SigningJwk;
  readonly sealKey?: EcPublicJwk;
  /** Base64. */
  readonly signature?: string;
  readonly text?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly epochMs?: number;
  readonly monotonicMs?: number;
  readonly trusted?: boolean;
  readonly names?: readonly string[];
  readonly value?: string;
  readonly token?: string;
  readonly backUrl?: string;
  readonly state?: 'none' | 'available' | 'installing';
  readonly version?: string;
}

export type ShellFailureCode =
  | 'shell.bad-request'
  | 'shell.unseal-failed'
  | 'shell.keys-lost'
  | 'shell.store-full'
  | 'shell.io'
  | 'http.unavailable'
  | 'http.untrusted';

export type ShellAnswer = ShellSuccess | { readonly ok: false; readonly code: ShellFailureCode };

export type ShellEvent =
  | { readonly name: 'network'; readonly online: boolean }
  | { readonly name: 'launch' | 'pause' | 'resume' | 'back' | 'memory' };
