// A determination of the calculator in the words that a card shows.

const VERDICTS = { met: '写明的条件都符合', not_met: '有写明的条件不符合', unknown: '还不能判断' }
const STANDINGS = { expired: '有效期已过', not_yet: '还没有施行', repealed: '已经废止' }

/** @param {any} done a determination of /api/calculate or /api/screen */
function card(done) {
  const ended = done.in_force === false
  return {
    program: done.program,
    policy: done.policy,
    clause: done.clause,
    title: done.title,
    exact: done.amount_yuan !== null || (ended && done.historic_amount_yuan !== null),
    verdict: VERDICTS[done.eligibility] || '不涉及个人条件',
    amount: ended ? past(done) : sum(done),
    standing: ended ? `${STANDINGS[done.reason] || '不在有效期内'},上面的数只作历史说明,现在的请向12333核实。` : '',
    steps: done.steps,
    failed: done.conditions.filter(condition => done.failed.includes(condition.id)).map(condition => condition.text),
    changes: (done.changes || []).map(change => change.text),
    unverified: done.unverified,
    notes: done.notes,
    quote: done.quote,
  }
}

function past(done) {
  const was = {
    amount_yuan: done.historic_amount_yuan,
    min_yuan: done.historic_min_yuan,
    max_yuan: done.historic_max_yuan,
  }
  const said = Object.values(was).some(value => value !== null)
  return said ? `当时${sum({ ...done, ...was })}` : '现在没有金额'
}

function sum(done) {
  const paid = done.paid ? `(${done.paid})` : ''
  if (done.kind === 'none') return '0元'
  if (done.amount_yuan !== null) return `${done.kind === 'cap' ? '最多' : ''}${done.amount_yuan}元${paid}`
  if (done.min_yuan !== null) {
    return done.max_yuan !== null
      ? `${done.min_yuan}元到${done.max_yuan}元之间${paid}`
      : `${done.min_yuan}元以上,原文没有上限${paid}`
  }
  return done.kind === 'not_in_text' ? '原文没有写金额' : '不涉及金额'
}

module.exports = { card }
