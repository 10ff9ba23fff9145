Component({
  options: { addGlobalClass: true },
  properties: { scale: { type: Number, value: 1 } },
  data: { asked: false },
  lifetimes: {
    attached() {
      getApp().services.consent.listen(this, asked => this.setData({ asked }))
    },
    detached() {
      getApp().services.consent.unlisten(this)
    },
  },
  methods: {
    agree() {
      getApp().services.consent.agree('agree')
    },
    disagree() {
      getApp().services.consent.disagree()
    },
    open() {
      getApp().services.consent.open()
    },
  },
})
