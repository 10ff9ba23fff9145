const { card } = require('../../logic/money')
const { field, told } = require('../../logic/form')

Component({
  options: { addGlobalClass: true, pureDataPattern: /^_/ },
  data: { care: false, scale: 1, cities: [], city: '', programs: [], program: null, field: null, said: [], card: null, busy: false, problem: '', _facts: [], _given: {}, _before: {} },
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
      if (place.chosen()) await this.list(place.chosen())
    },
    choose(event) {
      return this.list(event.currentTarget.dataset.city)
    },
    /** @param {string} city */
    async list(city) {
      const { api, place } = getApp().services
      place.choose(city)
      this.setData({ city, busy: true, problem: '', program: null })
      try {
        if (!this.data._facts.length) this.setData({ _facts: (await api.facts()).facts })
        const { programs } = await api.programs(city)
        this.setData({ busy: false, programs: programs.filter(program => program.figures.length) })
      } catch (problem) {
        this.setData({ busy: false, problem: problem.text || '出了点问题,请再试一次,或拨打12333。' })
      }
    },
    other() {
      this.setData({ city: '', programs: [], program: null })
    },
    pick(event) {
      this.setData({ _given: {}, program: this.data.programs[event.currentTarget.dataset.index], said: [], card: null })
      return this.compute()
    },
    leave() {
      this.setData({ program: null, field: null, card: null, problem: '' })
    },
    give(event) {
      const { name, value } = event.detail
      this.setData({ _before: this.data._given, _given: { ...this.data._given, [name]: value } })
      return this.compute()
    },
    again() {
      this.setData({ _given: {} })
      return this.compute()
    },
    read() {
      const { policy, clause } = this.data.program
      wx.navigateTo({ url: `/pages/clause/index?policy=${encodeURIComponent(policy)}&clause=${encodeURIComponent(clause)}` })
    },
    async compute() {
      this.setData({ busy: true, problem: '' })
      try {
        this.show(await getApp().services.api.calculate({ program: this.data.program.program, facts: this.data._given }))
      } catch (problem) {
        this.setData({ busy: false, problem: problem.text || '出了点问题,请再试一次,或拨打12333。' })
      }
    },
    show(done) {
      if (done.error) {
        this.setData({ _given: this.data._before, busy: false, problem: Object.values(done.problems).join(';') })
        return
      }
      const missing = this.data._facts.find(fact => fact.name === done.missing[0])
      const known = this.data._facts.filter(fact => fact.name in this.data._given)
      this.setData({
        busy: false,
        card: card(done),
        field: missing ? field(missing) : null,
        said: known.map(fact => ({ label: fact.label, value: told(field(fact), this.data._given[fact.name]) })),
      })
    },
  },
})
