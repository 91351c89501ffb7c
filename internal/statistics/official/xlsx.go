package official

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"strings"
	"time"

	"countersign/internal/fault"

	"github.com/xuri/excelize/v2"
)

// maxWorkbook bounds what a workbook may unpack to: a zip bomb is refused, not unpacked.
const maxWorkbook = 512 << 20

// readXLSX reads the data sheet of a workbook in the published shape: sheet "Data - Ret_D01" or
// "Data_Ret_D01", a title in row 1 and the header in row 2; or a header in row 1.
func readXLSX(in io.Reader, name string, published time.Time) (*File, error) {
	bad := func(err error) error {
		return fault.New(fault.Invalid, "fault.statistics.file", "file", name).Because(err)
	}
	source := &counted{in: in, hash: sha256.New(), left: maxWorkbook}
	book, err := excelize.OpenReader(source, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return nil, bad(err)
	}
	defer book.Close()
	sheet := ""
	for _, s := range book.GetSheetList() {
		if key := strings.ReplaceAll(strings.ToLower(s), " ", ""); strings.HasPrefix(key, "data_ret_d") || strings.HasPrefix(key, "data-ret_d") {
			if sheet != "" {
				return nil, fault.New(fault.Invalid, "fault.statistics.sheets", "file", name, "one", clip(sheet), "other", clip(s))
			}
			sheet = s
		}
	}
	if sheet == "" {
		return nil, fault.New(fault.Invalid, "fault.statistics.no-sheet", "file", name)
	}
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, bad(err)
	}
	defer rows.Close()
	return readSheet(rows, name, published, source.hash)
}

func readSheet(rows *excelize.Rows, name string, published time.Time, sum hash.Hash) (*File, error) {
	var rd *reader
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, fault.New(fault.Invalid, "fault.statistics.file", "file", name).Because(err)
		}
		if rd == nil {
			if l, err := plan(name, line, cells); err == nil {
				rd = newReader(name, published, l)
			} else if line >= 2 {
				return nil, err
			}
			continue
		}
		if len(cells) == 0 { // the sheet may end in empty rows
			continue
		}
		for len(cells) < rd.layout.width { // excelize leaves out empty cells at the end
			cells = append(cells, "")
		}
		if len(cells) > rd.layout.width {
			return nil, refuse(name, line, rd.layout.width, "fault.statistics.beside", "value", clip(cells[rd.layout.width]))
		}
		if err := rd.row(line, cells); err != nil {
			return nil, err
		}
	}
	if err := rows.Error(); err != nil {
		return nil, fault.New(fault.Invalid, "fault.statistics.file", "file", name).Because(err)
	}
	if rd == nil {
		return nil, fault.New(fault.Invalid, "fault.statistics.empty", "file", name, "cell", "A1")
	}
	return rd.finish(hex.EncodeToString(sum.Sum(nil)))
}
