package main

import (
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// relayed puts a relay before a peer that delays every byte by d in each direction, and returns its address.
// No delay: no relay.
func relayed(url string, d time.Duration) (string, error) {
	if d == 0 {
		return url, nil
	}
	scheme, address, _ := strings.Cut(url, "://")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", address)
			if err != nil {
				in.Close()
				continue
			}
			go late(out, in, d)
			go late(in, out, d)
		}
	}()
	return scheme + "://" + l.Addr().String(), nil
}

// late copies with a delay and without a limit of the rate: what was read is written when its time has come.
func late(to, from net.Conn, d time.Duration) {
	type piece struct {
		at time.Time
		b  []byte
	}
	queue := make(chan piece, 4096)
	var once sync.Once
	end := func() { once.Do(func() { to.Close(); from.Close() }) }
	go func() {
		defer end()
		for p := range queue {
			time.Sleep(time.Until(p.at))
			if _, err := to.Write(p.b); err != nil {
				return
			}
		}
	}()
	defer close(queue)
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			queue <- piece{time.Now().Add(d), append([]byte(nil), buffer[:n]...)}
		}
		if err != nil {
			if err != io.EOF {
				end()
			}
			return
		}
	}
}
