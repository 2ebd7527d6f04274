import { areaWords } from '../../words/area-words.ts';

export const words = areaWords(
  {
    open: '搜索',
    title: '按对方说得出的任何号码或名称搜索',
    what: '订单号、收据码、用户号、表号、卡号、流水号、退款号；终端名称、编号或社区；差错编号',
    keys: '上下键选择，回车打开',
    found: '找到 {n} 项',
    none: '没有找到。号码要完整；终端可以只写名称的开头。住户的姓名和地址是加密或遮住的，不能用来搜索。',
    groups: {
      orders: '订单',
      households: '住户（查看会记入审计）',
      terminals: '终端',
      cases: '差错',
      refunds: '退费',
    },
    allOrders: '全部订单',
    meterTail: '表号尾号 {tail}',
    theirOrders: '这一户的订单',
    caseState: { open: '处理中', resolved: '已处理' },
  },
  {
    open: 'Search',
    title: 'Search by any number or name that a caller can read out',
    what: 'Number of an order, receipt, customer, meter, card, transaction, refund or case; name, id or place of a terminal',
    keys: 'Up and down choose, Enter opens',
    found: '{n} found',
    none: 'Nothing found. Numbers must be whole; a terminal is found by the beginning of its name. Names and addresses of households are sealed or masked and cannot be searched for.',
    groups: {
      orders: 'Orders',
      households: 'Households (a look is recorded)',
      terminals: 'Terminals',
      cases: 'Cases',
      refunds: 'Refunds',
    },
    allOrders: 'All orders',
    meterTail: 'meter ending in {tail}',
    theirOrders: 'Orders of this household',
    caseState: { open: 'Open', resolved: 'Resolved' },
  },
);
