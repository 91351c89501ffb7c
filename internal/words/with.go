package words

import "maps"

// With returns a catalogue with further messages, for example names of crossing points that come with an
// agreement's data, or the words of a test. A key that exists already keeps its message.
func (c *Catalogue) With(messages map[string]string) *Catalogue {
	all := maps.Clone(c.messages)
	for k, text := range messages {
		if _, ok := all[k]; !ok {
			all[k] = Message{Other: text}
		}
	}
	return &Catalogue{Lang: c.Lang, messages: all}
}
