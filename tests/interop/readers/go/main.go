// Reads .env files with godotenv.Read.
//
// In: paths on stdin, each ended by NUL. Out: one line a file,
// "ok NAME=VALUE NAME=VALUE ..." or "error MESSAGE", every field in hex.
package main

import (
	"bufio"
	"fmt"
	"io/ioutil"
	"os"
	"strings"

	"github.com/joho/godotenv"
)

func main() {
	in, err := ioutil.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	os.Clearenv()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, path := range strings.Split(string(in), "\x00") {
		if path == "" {
			continue
		}
		vars, err := godotenv.Read(path)
		if err != nil {
			fmt.Fprintf(out, "error %x\n", err.Error())
			continue
		}
		fmt.Fprint(out, "ok")
		for name, value := range vars {
			fmt.Fprintf(out, " %x=%x", name, value)
		}
		fmt.Fprintln(out)
	}
}
