Console.WriteLine("quadturbo");
