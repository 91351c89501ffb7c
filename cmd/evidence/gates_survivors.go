package main

// explained are the survivors that change nothing that anybody could see, each with the reason. A whole run catches an
// explanation of a mutant that a test does notice.
var explained = map[string]string{}
