import { Reading } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/reference',
    component: () => import('./ReferencePage.vue'),
    meta: { title: 'reference.title', menu: { group: 'system', order: 9, icon: Reading } },
  },
];
