import { DocumentChecked } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/consents',
    component: () => import('./ConsentsPage.vue'),
    meta: {
      title: 'consents.title',
      permission: 'float:use',
      menu: { group: 'people', order: 45, icon: DocumentChecked },
    },
  },
];
