const { blocks, copied } = require('../../logic/markup')
const { card } = require('../../logic/money')

Component({
  options: { addGlobalClass: true },
  properties: {
    answer: { type: Object, value: {} },
    scale: { type: Number, value: 1 },
    // a talk of the history is only read
    past: { type: Boolean, value: false },
  },
  data: { blocks: [], sources: [], cards: [], options: [], notices: [], open: -1, rated: '' },
  observers: {
    answer(answer) {
      if (!answer || !answer.text) return
      this.setData({
        blocks: blocks(answer.text),
        sources: answer.citations,
        // A range is in the text already, with what it depends on; alone it would look like a promise.
        cards: (answer.calculations || []).map(card).filter(sum => sum.exact),
        options: (answer.asks || []).reduce((all, ask) => all.concat(ask.options), []),
        notices: (answer.notices || []).filter(notice => notice.kind === 'corrected'),
        open: -1,
        rated: '',
      })
    },
  },
  methods: {
    toggle(event) {
      const index = event.currentTarget.dataset.index
      this.setData({ open: this.data.open === index ? -1 : index })
    },
    read(event) {
      const { policy, clause } = event.currentTarget.dataset
      wx.navigateTo({
        url: `/pages/clause/index?policy=${encodeURIComponent(policy)}&clause=${encodeURIComponent(clause)}`,
      })
    },
    choose(event) {
      this.triggerEvent('choose', { text: event.currentTarget.dataset.text })
    },
    copy() {
      wx.setClipboardData({ data: copied(this.data.answer) })
    },
    rate(event) {
      const rated = event.currentTarget.dataset.rated
      this.setData({ rated })
      this.triggerEvent('rate', { id: this.data.answer.answer_id, helpful: rated === 'yes' })
    },
  },
})
