package cube

import (
	"math"
	"slices"

	"countersign/internal/fault"
	"countersign/internal/statistics"
)

// MaxDense is the largest product of dimension sizes that is counted in an array; above it a map is used.
const MaxDense = 64 << 20

// Counter counts events one by one into the finest table.
type Counter struct {
	first, quarters int
	size            [5]int           // country, type, age, sex, destination group
	dense           []uint32         // counts beyond it go to sparse
	sparse          map[uint64]int64 // all counts when there is no array, else what the array cannot hold
}

// NewCounter prepares a counter for quarters from first to last over the code lists.
func NewCounter(first, last statistics.Quarter) (*Counter, error) {
	l := statistics.Lists()
	c := &Counter{first: int(first), quarters: int(last-first) + 1,
		size: [5]int{len(l.Countries.Codes), len(l.Types.Codes), len(l.Ages.Codes), len(l.Sexes.Codes), len(l.DestGroups.Codes)}}
	if c.quarters < 1 || c.quarters > 4*400 {
		return nil, fault.New(fault.Invalid, "fault.statistics.not-quarters", "period", first.String()+" to "+last.String())
	}
	product := c.quarters
	for _, n := range c.size {
		product *= n
	}
	if product <= MaxDense {
		c.dense = make([]uint32, product)
	}
	c.sparse = map[uint64]int64{}
	return c, nil
}

// Add counts n events in a cell; false when the cell lies outside the counter.
func (c *Counter) Add(r Row) bool {
	q := int(r.Quarter) - c.first
	if q < 0 || q >= c.quarters || int(r.Country) >= c.size[0] || int(r.Type) >= c.size[1] || int(r.Age) >= c.size[2] ||
		int(r.Sex) >= c.size[3] || int(r.Dest) >= c.size[4] {
		return false
	}
	i := ((((q*c.size[0]+int(r.Country))*c.size[1]+int(r.Type))*c.size[2]+int(r.Age))*c.size[3]+int(r.Sex))*c.size[4] + int(r.Dest)
	if c.dense != nil && r.N >= 0 && r.N <= math.MaxUint32-int64(c.dense[i]) {
		c.dense[i] += uint32(r.N)
	} else {
		c.sparse[uint64(i)] += r.N
	}
	return true
}

// Rows returns the cells that are not zero, sorted.
func (c *Counter) Rows() []Row {
	var rows []Row
	row := func(i int, n int64) Row {
		r := Row{N: n}
		r.Dest = uint8(i % c.size[4])
		i /= c.size[4]
		r.Sex = uint8(i % c.size[3])
		i /= c.size[3]
		r.Age = uint8(i % c.size[2])
		i /= c.size[2]
		r.Type = uint8(i % c.size[1])
		i /= c.size[1]
		r.Country = uint16(i % c.size[0])
		r.Quarter = statistics.Quarter(i/c.size[0] + c.first)
		return r
	}
	filled := 0
	for _, n := range c.dense {
		if n != 0 {
			filled++
		}
	}
	if filled+len(c.sparse) == 0 {
		return nil
	}
	rows = make([]Row, 0, filled+len(c.sparse))
	for i, n := range c.dense {
		sum := int64(n)
		if len(c.sparse) > 0 {
			sum += c.sparse[uint64(i)]
		}
		if sum != 0 {
			rows = append(rows, row(i, sum))
		}
	}
	if c.dense != nil {
		return rows
	}
	for i, n := range c.sparse {
		if n != 0 {
			rows = append(rows, row(int(i), n))
		}
	}
	slices.SortFunc(rows, Row.Compare)
	return rows
}
