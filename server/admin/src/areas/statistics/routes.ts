import { DataAnalysis } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/',
    component: () => import('./StatisticsPage.vue'),
    meta: {
      title: 'statistics.title',
      permission: 'statistics:read',
      menu: { group: 'overview', order: 0, icon: DataAnalysis },
    },
  },
];
