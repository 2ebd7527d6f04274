import { areaWords } from '../../words/area-words.ts';

export const words = areaWords(
  { title: '登录', name: '用户名', password: '密码', enter: '登录' },
  { title: 'Log in', name: 'Name', password: 'Password', enter: 'Log in' },
);
