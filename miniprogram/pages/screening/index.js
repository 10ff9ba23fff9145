const { answered, back, begin, body } = require('../../logic/screening')
const { card } = require('../../logic/money')
const { field } = require('../../logic/form')

const AUDIENCE = { name: 'audience', type: 'enum', label: '哪一方面', question: '', unit: '', options: [] }

Component({
  options: { addGlobalClass: true, pureDataPattern: /^_/ },
  data: { care: false, scale: 1, cities: [], city: '', met: [], unknown: [], notMet: 0, field: null, count: 0, all: false, busy: false, problem: '', _interview: begin(''), _facts: [] },
  pageLifetimes: {
    show() {
      this.setData(getApp().services.care.look())
    },
  },
  methods: {
    async onLoad() {
      const { place, care } = getApp().services
      this.setData(care.look())
      this.setData({ cities: await place.known() })
      if (place.chosen()) await this.begin(place.chosen())
    },
    choose(event) {
      return this.begin(event.currentTarget.dataset.city)
    },
    /** @param {string} city */
    begin(city) {
      getApp().services.place.choose(city)
      this.setData({ city, all: false, _interview: begin(city) })
      return this.look()
    },
    other() {
      this.setData({ city: '', field: null, met: [], unknown: [], problem: '' })
    },
    give(event) {
      this.setData({ _interview: answered(this.data._interview, event.detail.name, event.detail.value) })
      return this.look()
    },
    back() {
      this.setData({ _interview: back(this.data._interview) })
      return this.look()
    },
    showAll() {
      this.setData({ all: true })
    },
    read(event) {
      const { policy, clause } = event.currentTarget.dataset
      wx.navigateTo({ url: `/pages/clause/index?policy=${encodeURIComponent(policy)}&clause=${encodeURIComponent(clause)}` })
    },
    async look() {
      this.setData({ busy: true, problem: '' })
      try {
        const { api } = getApp().services
        if (!this.data._facts.length) this.setData({ _facts: (await api.facts()).facts })
        this.show(await api.screen(body(this.data._interview)))
      } catch (problem) {
        this.setData({ busy: false, problem: problem.text || '出了点问题,请再试一次,或拨打12333。' })
      }
    },
    show(found) {
      if (found.error) {
        this.setData({ _interview: back(this.data._interview), busy: false, problem: Object.values(found.problems).join(';') })
        return
      }
      const asked = found.next_question
      const fact = asked && (this.data._facts.find(known => known.name === asked.fact) || { ...AUDIENCE, name: asked.fact })
      this.setData({
        busy: false,
        met: found.met.map(card),
        unknown: found.unknown.map(card),
        notMet: found.not_met.length,
        field: asked ? field(fact, asked) : null,
        count: this.data._interview.order.length,
      })
    },
  },
})
