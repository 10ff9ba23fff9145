const { read } = require('../../logic/form')

Component({
  options: { addGlobalClass: true },
  properties: {
    field: { type: Object, value: {} },
    scale: { type: Number, value: 1 },
  },
  data: { given: '', chosen: [], problem: '' },
  observers: {
    field() {
      this.setData({ given: '', chosen: [], problem: '' })
    },
  },
  methods: {
    choose(event) {
      const { value } = this.data.field.options[event.currentTarget.dataset.index]
      if (this.data.field.kind === 'choice') this.give(value)
      else this.setData({ chosen: this.toggled(event.currentTarget.dataset.index) })
    },
    /** @param {number} index */
    toggled(index) {
      const chosen = this.data.field.options.map((_, each) => Boolean(this.data.chosen[each]))
      chosen[index] = !chosen[index]
      return chosen
    },
    write(event) {
      this.setData({ given: event.detail.value, problem: '' })
    },
    done() {
      const { field, given, chosen } = this.data
      const several = field.options.filter((_, index) => chosen[index]).map(option => option.value)
      const found = read(field, field.kind === 'choices' ? several : given)
      if (found.problem) this.setData({ problem: found.problem })
      else this.give(found.value)
    },
    unknown() {
      this.give(null)
    },
    give(value) {
      this.triggerEvent('give', { name: this.data.field.name, value })
    },
  },
})
