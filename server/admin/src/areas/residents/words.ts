import { areaWords } from '../../words/area-words.ts';

export const words = areaWords(
  {
    title: '居民',
    note: '按完整户号查询，结果已脱敏。每次查询都会记入审计，不保存居民的手机号。',
    customerNo: '户号',
    reason: '查询原因（会记入审计）',
    lookUp: '查询',
    bindings: '已绑定',
    holder: { phone: '手机', box: '电视盒子' },
    holderOf: '绑定在',
    household: '住户（脱敏）',
    made: '绑定时间',
    used: '最后使用',
    expires: '到期',
    nothing: '没有绑定的手机或盒子',
    orders: '订单里的姓名：{named}{more} 单，其中现在可以抹去 {erasable} 单，其余按规定到期后自动抹去。',
    atLeast: '+',
    unbind: '解绑',
    unbindAsk: '解绑后，这台设备不能再为该户购电。进行中的订单不受影响。原因记为上面填写的原因。',
    erase: '申请抹去个人信息',
    eraseAsk:
      '立即解除全部绑定，并抹去法律不再要求保存的订单里的姓名、地址和户号。不能撤销，需要另一位同事复核。原因记为上面填写的原因。',
    asked: '已提交，等待另一位同事复核。到期前的 {left} 单依法保留。',
  },
  {
    title: 'Residents',
    note: 'Found by the whole customer number, shown masked. Every look-up is recorded. No telephone number of a resident is kept.',
    customerNo: 'Customer number',
    reason: 'Why you look (recorded)',
    lookUp: 'Look up',
    bindings: 'Bound to',
    holder: { phone: 'Phone', box: 'Television box' },
    holderOf: 'Where',
    household: 'Household (masked)',
    made: 'Bound',
    used: 'Last used',
    expires: 'Expires',
    nothing: 'No phone and no box is bound',
    orders:
      'Orders with the name in them: {named}{more}. It can be taken out of {erasable} now; the others follow by rule.',
    atLeast: '+',
    unbind: 'Unbind',
    unbindAsk:
      'This device cannot buy for the household any more. Orders under way go on. The reason is the one that you typed above.',
    erase: 'Ask for erasure',
    eraseAsk:
      'Takes all bindings away, and name, address and number out of the orders that the law holds no longer. It cannot be undone and a second person must allow it. The reason is the one that you typed above.',
    asked: 'Asked for. A second person must allow it. The law keeps {left} orders until their time is over.',
  },
);
