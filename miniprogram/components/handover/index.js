Component({
  options: { addGlobalClass: true },
  properties: {
    scale: { type: Number, value: 1 },
    // goes along to the customer service
    city: { type: String, value: '' },
  },
  data: { hotline: '12333' },
  lifetimes: {
    attached() {
      this.setData({ hotline: getApp().services.config.hotline })
    },
  },
  methods: {
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.hotline, fail: () => {} }) // somebody may change their mind
    },
  },
})
