const { ask } = require('../../logic/ask')
const { plain } = require('../../logic/markup')

const THROTTLE_MS = 100
const EXAMPLES = ['杭州硕士刚毕业能领多少生活补贴', '青岛跑外卖的意外险补多少', '在济南开公司要几天']

Component({
  options: { addGlobalClass: true, pureDataPattern: /^_/ },
  data: {
    care: false,
    scale: 1,
    cities: ['在问题里说明'],
    city: 0,
    turns: [],
    draft: '',
    busy: false,
    step: '',
    partial: '',
    problem: '',
    offline: false,
    examples: EXAMPLES,
    last: '',
    _talk: '',
    _conversation: '',
    _told: 0,
  },
  lifetimes: {
    attached() {
      this.anew()
      getApp().services.network.listen(this, connected => this.setData({ offline: !connected }))
    },
    detached() {
      getApp().services.network.unlisten(this)
    },
  },
  pageLifetimes: {
    show() {
      this.look()
    },
  },
  methods: {
    onLoad(query) {
      this.look()
      this.loadCities()
      if (query && query.ask) this.setData({ draft: decodeURIComponent(query.ask) })
    },
    onShareAppMessage() {
      const first = this.data.turns[0]
      return { title: first ? `AI问答:${first.asked.slice(0, 20)}` : '就业创业政策问答(AI)', path: '/pages/chat/index' }
    },
    look() {
      this.setData(getApp().services.care.look())
    },
    async loadCities() {
      const { place } = getApp().services
      const cities = ['在问题里说明', ...(await place.known())]
      this.setData({ cities, city: Math.max(cities.indexOf(place.chosen()), 0) })
    },
    chooseCity(event) {
      const city = Number(event.detail.value)
      this.setData({ city })
      getApp().services.place.choose(city ? this.data.cities[city] : '')
    },
    anew() {
      this.setData({ turns: [], problem: '', last: '', _talk: `${Date.now()}`, _conversation: '' })
    },
    write(event) {
      this.setData({ draft: event.detail.value })
    },
    send() {
      return this.put(this.data.draft)
    },
    example(event) {
      return this.put(event.currentTarget.dataset.text)
    },
    choose(event) {
      return this.put(event.detail.text)
    },
    again() {
      return this.put(this.data.last)
    },
    rate(event) {
      getApp().services.api.feedback(event.detail.id, event.detail.helpful).catch(() => {})
    },
    /** @param {string} text */
    async put(text) {
      const message = text.trim()
      if (!message || this.data.busy) return
      this.setData({ busy: true, draft: '', last: message, problem: '', partial: '', step: '正在查条款……' })
      try {
        await this.answered(message)
        this.setData({ busy: false, partial: '', step: '', last: '' })
      } catch (problem) {
        const told = problem.text || '出了点问题,请再试一次,或拨打12333。'
        this.setData({ busy: false, partial: '', step: '', problem: told, draft: this.data.draft || message })
      }
    },
    /** @param {string} message */
    async answered(message) {
      const { api, session, talks } = getApp().services
      const objection = await session.objection(message)
      if (objection) {
        this.setData({ problem: objection })
        return
      }
      const talk = this.data._conversation
      const region = this.data.city ? this.data.cities[this.data.city] : undefined
      const body = { message, ...(region && { region }), ...(talk && { conversation_id: talk }) }
      const answer = await ask(api, body, { step: step => this.setData({ step }), text: text => this.tell(text) })
      this.setData({ _conversation: answer.conversation_id, [`turns[${this.data.turns.length}]`]: { asked: message, answer } })
      talks.keep(this.data._talk, answer.conversation_id, this.data.turns)
      if (wx.pageScrollTo) wx.pageScrollTo({ selector: '#end', duration: 0 })
    },
    /** Show what has come so far, ten times a second at most. */
    tell(text) {
      if (Date.now() - this.data._told < THROTTLE_MS) return
      this.setData({ _told: Date.now(), partial: plain(text), step: '' })
    },
  },
})
