Component({
  options: { addGlobalClass: true },
  data: { care: false, scale: 1, talks: [], operator: '', filing: '', problem: '' },
  pageLifetimes: {
    show() {
      this.look()
    },
  },
  methods: {
    onLoad() {
      this.look()
    },
    look() {
      const { care, talks, config } = getApp().services
      this.setData({ ...care.look(), talks: talks.list(), operator: config.operator, filing: config.filing })
    },
    care() {
      getApp().services.care.choose(!this.data.care)
      this.look()
    },
    open(event) {
      wx.navigateTo({ url: `/pages/talk/index?id=${event.currentTarget.dataset.id}` })
    },
    remove(event) {
      const { id, conversation } = event.currentTarget.dataset
      return this.erase([{ id, conversation_id: conversation }])
    },
    removeAll() {
      return this.erase(this.data.talks)
    },
    /** Delete talks on the server and here; one that the server could not delete stays, and is said. */
    async erase(gone) {
      const { api, talks } = getApp().services
      this.setData({ problem: '' })
      for (const talk of gone) {
        try {
          await api.erase(talk.conversation_id)
          talks.remove(talk.id)
        } catch (problem) {
          if (problem.status === 404) talks.remove(talk.id) // it is gone there already
          else this.setData({ problem: `有会话没有删成:${problem.text}` })
        }
      }
      this.look()
    },
    privacy() {
      getApp().services.consent.open()
    },
  },
})
