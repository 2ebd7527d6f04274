import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/700.css';
import '@fontsource/noto-naskh-arabic/400.css';
import '@fontsource/noto-naskh-arabic/700.css';
import './styles/base.css';
import './styles/dense.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { LIGHT, themeVariables } from '@bianmin/purchase/design/tokens';
import App from './App.vue';
import { openBridge } from './bridge/bridge.ts';
import { startHeartbeat } from './heartbeat.ts';
import { useKiosk } from './stores/kiosk.ts';
import { useReceipt } from './stores/receipt.ts';
import { useStaff } from './stores/staff.ts';
import { useRemoteCard } from './stores/remote-card.ts';
import { warmFonts } from './warm-fonts.ts';

for (const [name, value] of themeVariables(LIGHT)) document.documentElement.style.setProperty(name, value);

const app = createApp(App).use(createPinia());
const bridge = openBridge();
useKiosk().start(bridge);
useRemoteCard().start(bridge);
useReceipt().start(bridge);
useStaff().start(bridge);
bridge.on('page.reload', () => {
  window.location.reload();
});
app.mount('#app');
startHeartbeat(bridge, {
  frame: (callback) => requestAnimationFrame(callback),
  every: (ms, callback) => setInterval(callback, ms),
});
// A font that cannot be read is missing from the screen, too: nothing more is to be said of it here.
warmFonts(document.fonts).catch(() => undefined);
