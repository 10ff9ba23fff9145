Component({
  options: { addGlobalClass: true, pureDataPattern: /^_/ },
  data: { care: false, scale: 1, clause: null, problem: '', _query: {} },
  methods: {
    async onLoad(query) {
      const { api, care } = getApp().services
      this.setData({ ...care.look(), _query: query })
      try {
        const clause = await api.clause(decodeURIComponent(query.policy), decodeURIComponent(query.clause))
        this.setData({ clause, problem: '' })
      } catch (problem) {
        this.setData({ problem: problem.text })
      }
    },
    again() {
      return this.onLoad(this.data._query)
    },
  },
})
