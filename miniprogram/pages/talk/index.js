Component({
  options: { addGlobalClass: true },
  data: { care: false, scale: 1, turns: [] },
  methods: {
    onLoad(query) {
      const { care, talks } = getApp().services
      this.setData({ ...care.look(), turns: talks.turns(query.id) })
    },
  },
})
