import type { Catalogue } from '../../i18n/translate.ts';
import { en } from './en.ts';
import { ug } from './ug.ts';
import { zhCN, type DiagnosisKey } from './zh-CN.ts';

/** What every face says of an order's money and electricity, and of what is to be done. */
export const DIAGNOSIS_WORDS: Catalogue<DiagnosisKey> = { 'zh-CN': zhCN, ug, en };
