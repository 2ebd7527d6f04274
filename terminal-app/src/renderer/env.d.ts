import type { HostBridge } from '../ipc/map.ts';

declare global {
  interface Window {
    /** Set by Electron's preload; absent in the Chromium shell. */
    bianmin?: HostBridge;
  }
}

declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent<object, object, unknown>;
  export default component;
}
