import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/700.css';
import 'element-plus/dist/index.css';
import './style.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { LIGHT, themeVariables } from '@bianmin/purchase/design/tokens';
import App from './App.vue';
import { router } from './router.ts';

for (const [name, value] of themeVariables(LIGHT)) document.documentElement.style.setProperty(name, value);

const app = createApp(App).use(createPinia()).use(router);
// Before the first address is decided, the frame would be shown without a login.
void router.isReady().finally(() => app.mount('#app'));
