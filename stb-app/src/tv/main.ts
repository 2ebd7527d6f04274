import './polyfills.ts';
import '@fontsource/noto-naskh-arabic/arabic-400.css';
import '@fontsource/noto-naskh-arabic/arabic-700.css';
import './styles/letters.css';
import './styles/base.css';
import { createPinia, PiniaVuePlugin } from 'pinia';
import Vue, { type PluginFunction } from 'vue';
import { codeOf } from '@bianmin/card/errors';
import { startBoxOfPage } from '../box/of-page.ts';
import { READER_MODE, runBehindPortal } from '../box/reader-mode.ts';
import App from './App.vue';
import { useTv } from './store.ts';

declare global {
  interface Window {
    /** For `check.js`: the page's own script ran. */
    bianminStarted?: boolean;
  }
}

window.bianminStarted = true;

const starting = startBoxOfPage((where, error) => {
  // The shell keeps what goes to the console in its own log; codes only, no contents.
  // eslint-disable-next-line no-console -- the WebView's console is the shell's log
  console.warn(where, codeOf(error) ?? 'unexpected');
});
// A box that does not start asks nothing any more, and the shell ends it.
if (window.location.hash === READER_MODE) starting.then(runBehindPortal, () => undefined);
else showScreens();

function showScreens(): void {
  // Its type is of Vue 3 or of Vue 2, by whether vue-demi's installation script ran; what it is does not depend on it.
  const piniaPlugin: unknown = PiniaVuePlugin;
  Vue.use(piniaPlugin as PluginFunction<unknown>);
  Vue.config.productionTip = false;
  const pinia = createPinia();
  new Vue({ pinia, render: (h) => h(App) }).$mount('#app');
  const tv = useTv(pinia);
  starting.then(tv.start, (error: unknown) => {
    tv.broken = codeOf(error) ?? 'unexpected';
  });
}
